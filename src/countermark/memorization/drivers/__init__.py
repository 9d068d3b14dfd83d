"""Models behind two small protocols: weights on this machine, and servers that speak the format of OpenAI."""
