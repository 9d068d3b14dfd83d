"""The public pages, a module each; none needs an account, a cookie or JavaScript."""
