"""Set-up that every test shares: the providers are imported once, lazily, and the product is synthesised once."""

import provider_loading  # noqa: F401 - acts before the first import of cdktf
