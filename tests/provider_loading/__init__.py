"""The lazy loading of providers: what it defers, what it leaves alone, and that the product comes out the same."""
