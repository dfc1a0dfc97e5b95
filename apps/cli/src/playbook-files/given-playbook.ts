import { existsSync, statSync } from 'node:fs';
import { compilePlaybook } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { readText } from '../read-input.ts';

/** A playbook as it is named on the command line: a file, or a version on the server. */
export type GivenPlaybook =
  | { readonly kind: 'file'; readonly id: string; readonly file: string; readonly source: string }
  | { readonly kind: 'version'; readonly id: string; readonly version: string };

const NAMED = /^([a-z][a-z0-9_]*)(?:@(current|draft|[1-9]\d*))?$/;

/**
 * Reads `<file>`, `<id>` or `<id>@<version>`; the version is `current`, `draft` or a number.
 *
 * @param otherwise the version of a bare id
 * @throws cli.file_unreadable, cli.playbook_unreadable
 */
export function readGivenPlaybook(text: string, otherwise: 'current' | 'draft' = 'current'): GivenPlaybook {
  const named = NAMED.exec(text);
  if (named?.[1] !== undefined && !isFile(text)) {
    return { kind: 'version', id: named[1], version: named[2] ?? otherwise };
  }
  const source = readText(text);
  const { plan, findings } = compilePlaybook(source);
  if (plan) return { kind: 'file', id: plan.id, file: text, source };
  const first = findings.find(({ severity }) => severity === 'error');
  const reason = first ? `line ${first.position.line}: ${first.message.replace(/\.$/, '')}` : 'it is empty';
  throw errors.playbook_unreadable({ file: text, reason });
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** What the API is asked to try. */
export function triedBody(given: GivenPlaybook): { readonly source: string } | { readonly version: string } {
  return given.kind === 'file' ? { source: given.source } : { version: given.version };
}
