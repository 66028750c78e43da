// A ProxyCommand: standard input and output become a connection. Arguments: host, port.
import { connect } from "node:net";

const [host = "", port = ""] = process.argv.slice(2);
const socket = connect(Number(port), host);
socket.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
process.stdin.pipe(socket).pipe(process.stdout);
