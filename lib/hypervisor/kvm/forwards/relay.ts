import { spawn } from "node:child_process";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { connect, type Server, type Socket } from "node:net";

/**
 * A program of its own, `node relay.js terrarium-forwards SANDBOX URI FORWARDS`, one for each sandbox with forwarded ports. It runs in the network of the sandbox's host; its listening sockets
 * come from its parent, which opened them on the machine: so one process has an end in each network, with no rule in either firewall. Imports nothing but Node's own modules.
 *
 * What it is, its command line says (`read-relays.ts`): there is no file that could be wrong. It ends by a signal, or by itself when libvirt says that the sandbox is gone.
 */

/** One of FORWARDS, a JSON list. */
export interface RelayedForward {
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly guestAddress: string;
  readonly guestPort: number;
}

/** How often libvirt is asked whether the sandbox is still there, in milliseconds. */
const askEvery = 20_000;
/** A UDP peer that is silent for so long is forgotten, in milliseconds. */
const udpPatience = 120_000;
const mostUdpPeers = 1024;

const [, sandbox = "", uri = "", text = "[]"] = process.argv.slice(process.argv.indexOf("terrarium-forwards"));
const forwards = JSON.parse(text) as readonly RelayedForward[];
let opened = 0;

process.on("message", (message, handle) => {
  const forward = forwards[Number(message)];
  if (!forward || handle === undefined) return;
  if (forward.protocol === "tcp") serveTcp(handle as Server, forward);
  else serveUdp(handle as unknown as UdpSocket, forward);
  opened += 1;
  if (opened === forwards.length) process.send?.("ready", () => process.disconnect());
});
// A parent that ends before all is open leaves nothing half.
process.on("disconnect", () => {
  if (opened < forwards.length) process.exit(1);
});
setInterval(endIfGone, askEvery);

function serveTcp(server: Server, { guestAddress, guestPort }: RelayedForward): void {
  server.on("connection", (client: Socket) => {
    const guest = connect({ host: guestAddress, port: guestPort, noDelay: true, allowHalfOpen: true });
    client.setNoDelay(true);
    client.allowHalfOpen = true;
    // Where nobody listens in the guest, the client is told by a reset, as it would be by the guest.
    client.on("error", () => guest.destroy());
    guest.on("error", () => client.resetAndDestroy());
    guest.on("close", () => client.destroySoon());
    client.on("close", () => guest.destroy());
    client.pipe(guest);
    guest.pipe(client);
  });
  // One that cannot be accepted (too many open files) is not the end of the others.
  server.on("error", () => undefined);
}

function serveUdp(server: UdpSocket, { guestAddress, guestPort }: RelayedForward): void {
  const peers = new Map<string, { readonly socket: UdpSocket; timer: NodeJS.Timeout }>();
  const forget = (key: string): void => {
    const peer = peers.get(key);
    if (!peer) return;
    peers.delete(key);
    clearTimeout(peer.timer);
    peer.socket.close();
  };
  server.on("error", () => undefined);
  server.on("message", (data, { address, port }) => {
    const key = `${address} ${port}`;
    let peer = peers.get(key);
    if (!peer) {
      const [oldest] = peers.keys();
      if (peers.size >= mostUdpPeers && oldest !== undefined) forget(oldest);
      const socket = createSocket("udp4");
      peer = { socket, timer: setTimeout(forget, udpPatience, key) };
      peers.set(key, peer);
      socket.on("error", () => forget(key));
      socket.on("message", (answer) => {
        server.send(answer, port, address);
        peers.get(key)?.timer.refresh();
      });
    }
    peer.timer.refresh();
    peer.socket.send(data, guestPort, guestAddress);
  });
}

let missed = 0;

/** Twice, so that a redefinition is not taken for a removal; a libvirtd that does not answer says nothing. */
function endIfGone(): void {
  const child = spawn("virsh", ["-q", "-c", uri, "domstate", sandbox], { stdio: ["ignore", "ignore", "pipe"], timeout: 10_000 });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  child.on("error", () => undefined);
  child.on("close", (code) => {
    missed = code !== 0 && /failed to get domain|Domain not found/.test(said) ? missed + 1 : 0;
    if (missed >= 2) process.exit(0);
  });
}
