/** What a new playbook begins as. */
export interface Template {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** Its text, for the id and title that were chosen. */
  readonly source: (id: string, title: string) => string;
}

const head = (id: string, title: string): string => `kind: playbook/v1\nid: ${id}\ntitle: ${JSON.stringify(title)}\n`;

/** What new playbooks can begin as, the emptiest first. */
export const templates: readonly Template[] = [
  {
    id: 'blank',
    title: 'Blank',
    about: 'Started by hand, with one step that names a value',
    source: (id, title) =>
      `${head(id, title)}
on:
  - manual: {}

steps:
  - id: first
    set: { seen: true }
`,
  },
  {
    id: 'alert',
    title: 'Answer an alert',
    about: 'Starts with alerts of high severity, opens a case for each',
    source: (id, title) =>
      `${head(id, title)}
on:
  - alert: true
    when: event.alert.severity_id >= 4

steps:
  - id: incident
    title: Open a case for the alert
    action: case.open
    with:
      title: ${JSON.stringify(title)}
      severity: high
      alert_id: \${{ event.alert.id }}
`,
  },
  {
    id: 'approval',
    title: 'Ask before a block',
    about: 'Started by hand with an address; people decide, then it is blocked for a day',
    source: (id, title) =>
      `${head(id, title)}
uses:
  firewall: { capability: block_ip }

on:
  - manual: {}

inputs:
  address: { type: string, untrusted: true }

steps:
  - id: decision
    approval: Block \${{ inputs.address }} for a day?
    covers: [block]
    by: { role: analyst }
    timeout: { after: 4h, then: deny }

  - id: block
    if: steps.decision.approved
    action: firewall.block_ip
    with: { ip: "\${{ blockable(inputs.address) }}" }
    lease: { for: 24h }
`,
  },
  {
    id: 'reaction',
    title: 'Reaction',
    about: 'One event in, one step, no questions; only looks on until you let it act',
    source: (id, title) =>
      `kind: reaction/v1
id: ${id}
title: ${JSON.stringify(title)}
mode: observe

subscribe:
  topic: verdict.url.v1
  when: 'event.verdict == "malicious"'

do:
  - id: noted
    set: { url: "\${{ event.url }}" }
`,
  },
];

const VALID = /^[a-z][a-z0-9_]{0,63}$/;

/** What is wrong with an id of a playbook; undefined: nothing. */
export function problemOfId(id: string): string | undefined {
  if (id === '') return 'It needs an id';
  return VALID.test(id) ? undefined : 'Lower-case letters, digits and _, beginning with a letter';
}

/** An id out of a title: `Block an IP!` becomes `block_an_ip`. */
export function idOfTitle(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 64);
}
