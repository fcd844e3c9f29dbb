#include "CLanes.h"

#if defined(__x86_64__)
#include <immintrin.h>

bool cl_supports_avx512(void) { return __builtin_cpu_supports("x86-64-v4"); }
bool cl_supports_avx2(void) { return __builtin_cpu_supports("x86-64-v3"); }

uint64_t cl_flush_denormals(void) {
    unsigned control = _mm_getcsr();
    // Flush-to-zero is bit 15, denormals-are-zero bit 6.
    _mm_setcsr(control | 0x8040);
    return control;
}
void cl_restore_denormals(uint64_t control) { _mm_setcsr((unsigned)control); }

#elif defined(__aarch64__)

bool cl_supports_avx512(void) { return false; }
bool cl_supports_avx2(void) { return false; }

uint64_t cl_flush_denormals(void) {
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    // Bit 24 flushes operands and results.
    __asm__ volatile("msr fpcr, %0" : : "r"(control | (1ULL << 24)));
    return control;
}
void cl_restore_denormals(uint64_t control) { __asm__ volatile("msr fpcr, %0" : : "r"(control)); }

#else

bool cl_supports_avx512(void) { return false; }
bool cl_supports_avx2(void) { return false; }
uint64_t cl_flush_denormals(void) { return 0; }
void cl_restore_denormals(uint64_t control) { (void)control; }

#endif
