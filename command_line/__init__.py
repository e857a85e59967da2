"""Makes commands work as they are typed: how cdktf starts, the folder of the output, endings in one sentence."""
