"""Where the metadata of a file stands: the XMP packets of pictures, the XMP of a PDF, the metas of an EPUB.

Small exact parsers of our own over bytes in memory: a reader of reservations runs with the core dependencies. Each is
linear in the size of the file, follows no pointer twice, and inflates within a limit.
"""
