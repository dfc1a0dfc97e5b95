import { describe, expect, it } from 'vitest';
import { readOptions } from './src/options.ts';
import { runSuite } from './src/run-suite.ts';
import { enumerated } from './src/scenarios/enumerated.ts';
import { natsWorkers } from './src/scenarios/nats-workers.ts';
import { randomKills } from './src/scenarios/random-kills.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

describe('a server that is killed', () => {
  it('keeps every guarantee at some failpoints and under some random kills', { timeout: 240_000 }, async () => {
    const options = readOptions(['--every', '24', '--kills', '10', '--runs', '120', '--patience', '30'], []);
    const results = await runSuite([enumerated, randomKills], options, print);
    expect(results.flatMap(({ violations }) => violations)).toEqual([]);
    expect(results.map(({ figures }) => figures.kills)).toEqual([expect.any(Number), 10]);
    expect(results.every(({ figures }) => figures.kills > 5 && figures.effects > 0)).toBe(true);
  });

  it('keeps every guarantee among several processes on NATS and PostgreSQL', { timeout: 300_000 }, async () => {
    const options = readOptions(['--kills', '8', '--runs', '100', '--patience', '90', '--seed', '3'], []);
    const [result] = await runSuite([natsWorkers], options, print);
    expect(result?.skipped).toBeUndefined();
    expect(result?.violations).toEqual([]);
    expect(result?.figures.effects).toBeGreaterThan(0);
  });

  it('loses a guarantee that is broken on purpose, and the checks say which', async () => {
    const options = readOptions(['--break', 'commit-after-effect', '--every', '40', '--patience', '5'], []);
    const [result] = await runSuite([enumerated], options, () => undefined);
    expect(new Set(result?.violations.map(({ guarantee }) => guarantee))).toContain(4);
  });
});
