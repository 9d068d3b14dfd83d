"""The index of pictures: hashes near one another, words of features, small views."""
