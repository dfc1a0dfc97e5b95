import type { ConnectorManifest } from '@counterpoint/connector-kit';
import { connectorGrades } from '@counterpoint/connectors';
import { describe, expect, it } from 'vitest';
import { type GradeEvidence, gradeConnector } from './connector-grades.ts';
import { readConnectorFolders } from './generate-connectors.ts';

const fortigate = readConnectorFolders().find(({ id }) => id === 'fortigate')?.manifest as ConnectorManifest;
const whole: GradeEvidence = {
  manifest: fortigate,
  files: ['README.md', 'connector.test.ts', 'manifest.yaml', 'simulator.ts'],
  tests: 'const { perform } = testConnector({ connector })',
};
const without = (action: string, ...keys: string[]): ConnectorManifest => {
  const entries = Object.entries(fortigate.actions[action] ?? {}).filter(([key]) => !keys.includes(key));
  return { ...fortigate, actions: { ...fortigate.actions, [action]: Object.fromEntries(entries) as never } };
};

describe('the grade of a connector', () => {
  it('is B when it is whole, its failures are tested and what it cuts off can be undone', () => {
    expect(gradeConnector(whole).letter).toBe('B');
  });

  it('is A only when tests ran against the real product', () => {
    const files = [...whole.files, 'fortigate.services.test.ts'];
    expect(gradeConnector({ ...whole, files }).letter).toBe('A');
  });

  it.each(['inverse', 'verify', 'preexisting'])('is not B when what it cuts off has no %s', (key) => {
    const manifest = { ...without('ban_ip', key) };
    const { letter, facts } = gradeConnector({ ...whole, manifest });
    expect(letter).not.toBe('B');
    expect(facts.filter(({ holds }) => !holds).map((fact) => fact.for)).toContain('B');
  });

  it('is C when nothing tests its failures, and none when it is not whole', () => {
    expect(gradeConnector({ ...whole, tests: '' }).letter).toBe('C');
    for (const gone of ['README.md', 'simulator.ts', 'connector.test.ts']) {
      const files = whole.files.filter((file) => file !== gone);
      expect(gradeConnector({ ...whole, files }).letter).toBe('-');
    }
  });

  it('of every connector that ships is known, and none is without one', () => {
    expect(Object.values(connectorGrades).filter(({ letter }) => letter === '-')).toEqual([]);
    expect(connectorGrades.nftables?.letter).toBe('A');
    expect(connectorGrades.fortigate?.letter).toBe('B');
  });
});
