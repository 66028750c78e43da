import { expect, test } from "vitest";
import { diagnosticCodes } from "../../lib/diagnostics/codes.ts";
import { explainSshFailure, passingSshFailures } from "../../lib/ssh/ssh-failure.ts";

// Real messages are in test/integration/tools/ssh/failures.test.ts; here is what cannot be had from a dropbear there.
test.each([
  ["SSH_HOST_KEY_UNKNOWN", "Unable to negotiate with 10.0.0.5 port 22: no matching host key type found. Their offer: ssh-dss\r\n"],
  ["SSH_PERMISSION_DENIED", "Received disconnect from 10.0.0.5 port 22:2: Too many authentication failures\r\n"],
  ["SSH_CLOSED", "kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 10.0.0.5 port 22\r\n"],
  ["SSH_CLOSED", "client_loop: send disconnect: Broken pipe\r\n"],
  ["SSH_FAILED", "something that no release has said before\r\n"],
  ["SSH_CLOSED", ""],
])("%s: %j", (code, messages) => {
  expect(explainSshFailure(messages, "web")).toMatchObject({ code, severity: "error", summary: expect.stringContaining('"web"') });
});

test("a noted exit status, also through a shared connection, is the command's own", () => {
  for (const note of [
    "debug1: clientloop.c:client_input_channel_req():1821 (pid=9): client_input_channel_req: channel 0 rtype exit-status reply 0\r\n",
    "debug2: mux.c:mux_client_request_session():2033 (pid=9): Received exit status from master 255\r\n",
  ]) {
    expect(explainSshFailure(note, "web")).toBeUndefined();
  }
});

test("the detail is ssh's own words, without its notes, colours and control characters", () => {
  const messages =
    "debug1: mux.c:x():1 (pid=9): noise\r\npacket.c:sshpkt_vfatal():1909 (pid=9): Connection \u001b[31mclosed\u001b[0m by a\u0007b port 22\r\n";
  expect(explainSshFailure(messages, "web")?.detail).toBe("Connection closed by a b port 22");
});

test("a command's own errors are not taken for ssh's", () => {
  const failure = explainSshFailure("", "web", "Permission denied (publickey).\nConnection to 10.0.0.5 closed by remote host.\r\n");
  expect(failure).toMatchObject({ code: "SSH_CLOSED", detail: "Connection to 10.0.0.5 closed by remote host." });
});

test("a wrong host key does not pass by waiting", () => {
  expect(passingSshFailures.has("SSH_HOST_KEY_CHANGED")).toBe(false);
  expect([...passingSshFailures].every((code) => code in diagnosticCodes)).toBe(true);
});
