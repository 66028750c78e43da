/** What the boot sector says on the first serial port. */
export const bootSectorGreeting = "TERRARIUM";

/** The isa-debug-exit port: a guest's write there ends QEMU. */
export const exitPort = 0xf4;

const loadAddress = 0x7c00;

/**
 * The smallest guest: a 512-byte disk whose boot sector writes a greeting on the first serial port and then to QEMU's exit port. It shows that
 * an accelerator really runs a guest's instructions, from the firmware on.
 */
export function bootSector(): Uint8Array {
  const code = [
    ...[0xfa], //                       cli
    ...[0x31, 0xc0], //                 xor ax, ax
    ...[0x8e, 0xd8], //                 mov ds, ax
    ...[0xfc], //                       cld
    ...[0xbe, 0x1d, loadAddress >> 8], // mov si, greeting (at offset 0x1d)
    ...[0xba, 0xf8, 0x03], //           mov dx, 0x3f8
    ...[0xac], //                 next: lodsb
    ...[0x84, 0xc0], //                 test al, al
    ...[0x74, 0x03], //                 jz done
    ...[0xee], //                       out dx, al
    ...[0xeb, 0xf8], //                 jmp next
    ...[0xba, exitPort, 0x00], //  done: mov dx, exitPort
    ...[0xb0, 0x01], //                 mov al, 1
    ...[0xee], //                       out dx, al
    ...[0xf4], //                 halt: hlt
    ...[0xeb, 0xfd], //                 jmp halt
  ];
  const sector = new Uint8Array(512);
  sector.set(code);
  sector.set(new TextEncoder().encode(bootSectorGreeting), code.length);
  sector.set([0x55, 0xaa], 510);
  return sector;
}
