/** True for a host whose sandboxes this machine can reach by itself. */
export function isOnThisMachine(uri: string): boolean {
  return /^(qemu(\+unix)?|kvm):\/\/\//.test(uri);
}
