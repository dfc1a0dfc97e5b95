/** A format that is recognised and not read. */
export interface ForeignFormat {
  /** Such as `cef`. */
  readonly id: string;
  /** In a sentence: `CEF`, `a mail`. */
  readonly name: string;
  /** What to do now, in sentences. */
  readonly advice: string;
}

interface Known extends ForeignFormat {
  /** Looks at the beginning of a text, without white space before it. */
  readonly looks: (head: string) => boolean;
}

/** What sources read, in a sentence. */
export const WHAT_IS_READ = 'Sources read JSON: one value, a list, or one value on each line.';

const FORWARD =
  'Let what collects it (rsyslog, Vector, Fluent Bit, Logstash) turn each message into a JSON object and post that.';

const CEF = /(?:^|\s)CEF:\d+\|/;
const LEEF = /(?:^|\s)LEEF:\d+\.\d+\|/;
const SYSLOG = /^(?:<\d{1,3}>|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \S)/;
const HEADER_LINE = /^[!-9;-~]{1,76}:(?:[ \t]|$)/;
const MAIL_HEADER =
  /^(?:from|to|subject|received|return-path|delivered-to|message-id|mime-version|date|dkim-signature)$/i;
const PAIRS = /^(?:[A-Za-z][\w.-]{0,60}=(?:"[^"\n]{0,500}"|[^\s"]{0,500})[ \t,;]+){3}/;

function isMail(head: string): boolean {
  const lines = head.replace(/^From [^\n]{1,300}\n/, '').split(/\r?\n/, 20);
  const names = new Set<string>();
  for (const line of lines) {
    if (line === '') break;
    if (/^[ \t]/.test(line)) continue;
    if (!HEADER_LINE.test(line)) return false;
    const name = line.slice(0, line.indexOf(':'));
    if (MAIL_HEADER.test(name)) names.add(name.toLowerCase());
  }
  return names.size >= 2;
}

const FORMATS: readonly Known[] = [
  {
    id: 'gzip',
    name: 'compressed (gzip)',
    looks: (head) => head.startsWith('\u001f\ufffd'),
    advice: 'Turn compression off in the sender; bodies are taken as they are.',
  },
  {
    id: 'utf16',
    name: 'text in UTF-16',
    looks: (head) => /^(?:\ufffd\ufffd)?(?:[ -~]\0){4}/.test(head) || /^(?:\ufffd\ufffd)?(?:\0[ -~]){4}/.test(head),
    advice: 'Let the sender write UTF-8. In PowerShell: [Text.Encoding]::UTF8.GetBytes($json) as the body.',
  },
  { id: 'cef', name: 'CEF', looks: (head) => CEF.test(head), advice: `CEF has no reader here yet. ${FORWARD}` },
  { id: 'leef', name: 'LEEF', looks: (head) => LEEF.test(head), advice: `LEEF has no reader here yet. ${FORWARD}` },
  {
    id: 'syslog',
    name: 'syslog',
    looks: (head) => SYSLOG.test(head),
    advice: `Syslog has no reader here yet. Where the message behind its header is JSON, send only that. ${FORWARD}`,
  },
  {
    id: 'mail',
    name: 'a mail',
    looks: isMail,
    advice:
      'Mail has no reader here yet. Let the mail gateway or a mailbox rule post a JSON object with sender, recipient, subject, links and hashes of attachments.',
  },
  {
    id: 'xml',
    name: 'XML or HTML',
    looks: (head) => /^<[?!A-Za-z]/.test(head),
    advice:
      'Choose JSON as the format of the webhook in the tool. A page of HTML often is the error page of a proxy in between.',
  },
  {
    id: 'form',
    name: 'a web form',
    looks: (head) => /^[\w.-]{1,60}=%7B/i.test(head),
    advice: 'Choose application/json as the content type of the webhook in the tool.',
  },
  { id: 'pairs', name: 'key=value text', looks: (head) => PAIRS.test(head), advice: FORWARD },
  // Whatever else begins as no list, object or string of JSON does: what follows says nothing of where JSON would stop.
  { id: 'text', name: 'plain text', looks: (head) => /^(?![[{"])[!-~]/.test(head), advice: FORWARD },
];

const HEAD = 4_000;

/** Recognises what tools often send in place of JSON, by its beginning, in a text that is no JSON; undefined: it is none of these. */
export function foreignFormat(text: string): ForeignFormat | undefined {
  const head = text.slice(0, HEAD).trimStart();
  const found = FORMATS.find(({ looks }) => looks(head));
  return found && { id: found.id, name: found.name, advice: found.advice };
}
