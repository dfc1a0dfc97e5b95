import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ActionManifest, type ConnectorManifest, lintManifest } from '@counterpoint/connector-kit';

/** What a grade is computed from. */
export interface GradeEvidence {
  readonly manifest: ConnectorManifest;
  /** Names of the files in the connector's folder. */
  readonly files: readonly string[];
  /** Text of its `connector.test.ts`; empty when there is none. */
  readonly tests: string;
}

type Letter = 'A' | 'B' | 'C';

/** A grade, in the form that the product shows. */
export interface Grade {
  readonly letter: Letter | '-';
  readonly facts: readonly { readonly fact: string; readonly for: Letter; readonly holds: boolean }[];
}

/** Reads what the folder of a connector holds. */
export function readEvidence(folder: string, manifest: ConnectorManifest): GradeEvidence {
  const tests = join(folder, 'connector.test.ts');
  return { manifest, files: readdirSync(folder), tests: existsSync(tests) ? readFileSync(tests, 'utf8') : '' };
}

function hasSecrets({ connection }: ConnectorManifest): boolean {
  const fields = Object.values(
    (connection.properties ?? {}) as Readonly<Record<string, { readonly secret?: boolean }>>,
  );
  return fields.some(({ secret }) => secret === true);
}

function each(manifest: ConnectorManifest, holds: (action: ActionManifest) => boolean): boolean {
  return Object.values(manifest.actions)
    .filter(({ effect }) => effect === 'contain')
    .every(holds);
}

/** Failures are tested by the common cases, or, where nothing speaks HTTP, by tests of its own. */
function testsFailures({ manifest, tests }: GradeEvidence): boolean {
  if (/\btestConnector\(/.test(tests)) return true;
  return manifest.base_url === undefined && /\bconnectorFailure\(/.test(tests);
}

/**
 * Grades a connector by facts that can be checked without believing anybody: C asks that it is whole, B that its
 * failures are tested and what it cuts off can be undone and read back, A that the real product was on the other side.
 */
export function gradeConnector(evidence: GradeEvidence): Grade {
  const { manifest, files } = evidence;
  const findings = lintManifest(manifest);
  const checks: readonly (readonly [Letter, string, boolean])[] = [
    ['C', 'lints', findings.every(({ level }) => level !== 'error')],
    ['C', 'simulated', files.includes('simulator.ts')],
    ['C', 'tested', files.includes('connector.test.ts')],
    ['C', 'documented', files.includes('README.md') && manifest.documentation.startsWith('https://')],
    ['C', 'credential_tested', manifest.test !== undefined || !hasSecrets(manifest)],
    ['B', 'failures_tested', testsFailures(evidence)],
    ['B', 'undo', each(manifest, ({ inverse }) => inverse !== undefined)],
    ['B', 'read_back', each(manifest, ({ verify }) => verify !== undefined)],
    ['B', 'tells_before', each(manifest, ({ preexisting }) => preexisting !== undefined)],
    ['A', 'no_advice', findings.length === 0],
    ['A', 'real_product', files.some((file) => file.endsWith('.services.test.ts'))],
  ];
  const facts = checks.map(([letter, fact, holds]) => ({ fact, for: letter, holds }));
  const whole = (letter: Letter) => facts.every((fact) => fact.for !== letter || fact.holds);
  if (!whole('C')) return { letter: '-', facts };
  if (!whole('B')) return { letter: 'C', facts };
  return { letter: whole('A') ? 'A' : 'B', facts };
}
