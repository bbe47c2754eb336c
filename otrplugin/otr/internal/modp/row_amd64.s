//go:build !purego

#include "textflag.h"

// One word: x*y + z + the high word before, with a chain of carries for each
// of the two additions.
#define WORD(offset, before, high) \
	MULXQ offset(SI), AX, high; \
	ADCXQ before, AX;           \
	ADOXQ offset(DI), AX;       \
	MOVQ  AX, offset(DI)

#define FOUR(offset) \
	WORD(offset+0, R8, R9);  \
	WORD(offset+8, R9, R8);  \
	WORD(offset+16, R8, R9); \
	WORD(offset+24, R9, R8)

// func addMulRowADX(z, x *limbs, y uint64) (carry uint64)
// Requires: ADX, BMI2
TEXT ·addMulRowADX(SB), NOSPLIT, $0-32
	MOVQ z+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ y+16(FP), DX
	XORQ R8, R8 // clears both carries
	FOUR(0)
	FOUR(32)
	FOUR(64)
	FOUR(96)
	FOUR(128)
	FOUR(160)
	MOVQ  $0, AX
	ADCXQ AX, R8
	ADOXQ AX, R8
	MOVQ  R8, carry+24(FP)
	RET

// func cpuid7() (ebx uint32)
TEXT ·cpuid7(SB), NOSPLIT, $0-4
	XORL AX, AX
	CPUID
	MOVL $0, ebx+0(FP)
	CMPL AX, $7
	JB   none
	MOVL $7, AX
	XORL CX, CX
	CPUID
	MOVL BX, ebx+0(FP)

none:
	RET
