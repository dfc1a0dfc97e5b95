/** A text that was not sent, in words, and where it is written. */
export interface Unsent {
  readonly name: string;
  readonly title: string;
  readonly path: string;
}

/** What the names of kept texts stand for. */
export function unsentOf(names: readonly string[]): readonly Unsent[] {
  return names.map((name) => {
    const [kind = '', id = ''] = name.split(/:(.*)/s);
    const of = encodeURIComponent(id);
    if (kind === 'note') return { name, title: 'A note on a case', path: `/cases/${of}` };
    if (kind === 'summary') return { name, title: 'The summary of a case', path: `/cases/${of}` };
    return { name, title: `The text of the playbook ${id}`, path: `/playbooks/${of}` };
  });
}
