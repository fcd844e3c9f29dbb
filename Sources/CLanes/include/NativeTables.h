#ifndef CLANES_NATIVE_TABLES_H
#define CLANES_NATIVE_TABLES_H

// Correctly rounded. The steps of tanh are such that the last entry is 1 to rounding.

static const double cl_tanh_nodes_f64[32] __attribute__((aligned(64))) = {
    0x0.0p+0, 0x1.1bf47eabb8f95p-1, 0x1.b2523bb6b2deep-1, 0x1.e8789ecec0ddap-1,
    0x1.f9258260a71c2p-1, 0x1.fe06eb0688212p-1, 0x1.ff6f17a754772p-1, 0x1.ffd677867b57fp-1,
    0x1.fff419668df11p-1, 0x1.fffc971b3c075p-1, 0x1.ffff05e8d3192p-1, 0x1.ffffb859011e1p-1,
    0x1.ffffeb78a3c73p-1, 0x1.fffffa1e50522p-1, 0x1.fffffe509d179p-1, 0x1.ffffff8467de6p-1,
    0x1.ffffffdc96f35p-1, 0x1.fffffff5dad1ep-1, 0x1.fffffffd17e54p-1, 0x1.ffffffff2acf8p-1,
    0x1.ffffffffc2eb9p-1, 0x1.ffffffffee801p-1, 0x1.fffffffffafc8p-1, 0x1.fffffffffe904p-1,
    0x1.ffffffffff96ap-1, 0x1.ffffffffffe1dp-1, 0x1.fffffffffff76p-1, 0x1.fffffffffffd8p-1,
    0x1.ffffffffffff5p-1, 0x1.ffffffffffffdp-1, 0x1.fffffffffffffp-1, 0x1.0000000000000p+0,
};

static const float cl_tanh_nodes_f32[32] __attribute__((aligned(64))) = {
    0x0.0p+0f, 0x1.35f98a0000000p-2f, 0x1.1bf47e0000000p-1f, 0x1.77d8380000000p-1f,
    0x1.b2523c0000000p-1f, 0x1.d4e6f40000000p-1f, 0x1.e8789e0000000p-1f, 0x1.f3451e0000000p-1f,
    0x1.f925820000000p-1f, 0x1.fc51f60000000p-1f, 0x1.fe06ec0000000p-1f, 0x1.fef1680000000p-1f,
    0x1.ff6f180000000p-1f, 0x1.ffb26a0000000p-1f, 0x1.ffd6780000000p-1f, 0x1.ffe9c40000000p-1f,
    0x1.fff41a0000000p-1f, 0x1.fff9a20000000p-1f, 0x1.fffc980000000p-1f, 0x1.fffe2c0000000p-1f,
    0x1.ffff060000000p-1f, 0x1.ffff7a0000000p-1f, 0x1.ffffb80000000p-1f, 0x1.ffffda0000000p-1f,
    0x1.ffffec0000000p-1f, 0x1.fffff60000000p-1f, 0x1.fffffa0000000p-1f, 0x1.fffffc0000000p-1f,
    0x1.fffffe0000000p-1f, 0x1.0000000000000p+0f, 0x1.0000000000000p+0f, 0x1.0000000000000p+0f,
};

static const double cl_exp_nodes_f64[16] __attribute__((aligned(64))) = {
    0x1.0000000000000p+0, 0x1.0b5586cf9890fp+0, 0x1.172b83c7d517bp+0, 0x1.2387a6e756238p+0,
    0x1.306fe0a31b715p+0, 0x1.3dea64c123422p+0, 0x1.4bfdad5362a27p+0, 0x1.5ab07dd485429p+0,
    0x1.6a09e667f3bcdp+0, 0x1.7a11473eb0187p+0, 0x1.8ace5422aa0dbp+0, 0x1.9c49182a3f090p+0,
    0x1.ae89f995ad3adp+0, 0x1.c199bdd85529cp+0, 0x1.d5818dcfba487p+0, 0x1.ea4afa2a490dap+0,
};

static const float cl_exp_nodes_f32[32] __attribute__((aligned(64))) = {
    0x1.0000000000000p+0f, 0x1.059b0e0000000p+0f, 0x1.0b55860000000p+0f, 0x1.11301e0000000p+0f,
    0x1.172b840000000p+0f, 0x1.1d48740000000p+0f, 0x1.2387a60000000p+0f, 0x1.29e9e00000000p+0f,
    0x1.306fe00000000p+0f, 0x1.371a740000000p+0f, 0x1.3dea640000000p+0f, 0x1.44e0860000000p+0f,
    0x1.4bfdae0000000p+0f, 0x1.5342b60000000p+0f, 0x1.5ab07e0000000p+0f, 0x1.6247ec0000000p+0f,
    0x1.6a09e60000000p+0f, 0x1.71f75e0000000p+0f, 0x1.7a11480000000p+0f, 0x1.82589a0000000p+0f,
    0x1.8ace540000000p+0f, 0x1.93737c0000000p+0f, 0x1.9c49180000000p+0f, 0x1.a5503c0000000p+0f,
    0x1.ae89fa0000000p+0f, 0x1.b7f7700000000p+0f, 0x1.c199be0000000p+0f, 0x1.cb720e0000000p+0f,
    0x1.d5818e0000000p+0f, 0x1.dfc9740000000p+0f, 0x1.ea4afa0000000p+0f, 0x1.f507660000000p+0f,
};

#endif
