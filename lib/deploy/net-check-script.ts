import { quoteForRemoteShell } from "../ssh/quote.ts";

/** One thing to find out inside a guest. */
export type GuestQuestion =
  | { readonly ask: "address"; readonly address: string }
  | { readonly ask: "ping"; readonly address: string }
  | { readonly ask: "tcp"; readonly address: string; readonly port: number }
  | { readonly ask: "name"; readonly name: string; readonly address: string; readonly server: string };

/** `unknown`: the guest has no program that could tell. */
export type GuestAnswer = "yes" | "no" | "unknown";

/**
 * A line of shell that answers all questions at the same time, each as `NUMBER ANSWER` on a line of its own. It uses whatever the guest has: bash, nc or python3 for ports, getent or nslookup for
 * names. What is to answer (`patient`) is asked up to three times, since an emulated guest that does much else is slow; what must not, once.
 */
export function netCheckScript(questions: readonly (GuestQuestion & { readonly patient?: boolean })[]): string {
  return `${prelude}\n${questions.map((question, index) => `(${question.patient === true ? "patiently " : ""}${commandOf(question)}; answer ${index} $?) &`).join("\n")}\nwait\n`;
}

/** Missing lines, of a guest that was cut off, are unknown. Pure. */
export function readAnswers(output: string, count: number): GuestAnswer[] {
  const answers = new Map(
    [...output.matchAll(/^(\d+) (yes|no|unknown)\r?$/gm)].map(([, number, answer]) => [Number(number), answer as GuestAnswer]),
  );
  return Array.from({ length: count }, (_, index) => answers.get(index) ?? "unknown");
}

/** 3 stands for "nobody here can tell". An ordinary user of a small guest may not ping. A server that says nothing keeps nc until its time is over: it was there. */
const prelude = `answer() { case $2 in 0) echo "$1 yes";; 3) echo "$1 unknown";; *) echo "$1 no";; esac; }
has() { command -v "$1" >/dev/null 2>&1; }
patiently() { "$@" && return 0; [ $? = 3 ] && return 3; "$@" || "$@"; }
pinger=ping; if has sudo && sudo -n true 2>/dev/null; then pinger="sudo -n ping"; fi
does_ping() { has ping || return 3; $pinger -c 1 -W 2 "$1" >/dev/null 2>&1; }
does_tcp() {
  if has bash; then timeout 3 bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null
  elif has nc; then timeout 12 nc -w 3 "$1" "$2" </dev/null >/dev/null 2>&1; case $? in 0 | 124 | 143) return 0 ;; *) return 1 ;; esac
  elif has python3; then python3 -c "import socket,sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 2)" "$1" "$2" 2>/dev/null
  else return 3; fi
}
does_name() {
  if has getent; then getent ahostsv4 "$1" 2>/dev/null | grep -qF "$2 "
  elif has nslookup; then timeout 10 nslookup "$1" "$3" 2>/dev/null | grep -qwF "$2"
  else return 3; fi
}
does_address() {
  if has ip; then ip -4 -o addr show 2>/dev/null | grep -qF " $1/"
  elif has ifconfig; then ifconfig 2>/dev/null | grep -qwF "$1"
  else return 3; fi
}`;

function commandOf(question: GuestQuestion): string {
  if (question.ask === "tcp") return call("does_tcp", question.address, String(question.port));
  if (question.ask === "name") return call("does_name", question.name, question.address, question.server);
  return call(`does_${question.ask}`, question.address);
}

function call(name: string, ...words: readonly string[]): string {
  return `${name} ${quoteForRemoteShell(words)}`;
}
