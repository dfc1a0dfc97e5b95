import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderSection } from '../report/sections.ts';
import { startSubject } from '../subject.ts';
import { createWorkspace, describeMachine } from '../workspace.ts';
import { measureBurst } from './burst.ts';
import type { BenchmarkContext } from './context.ts';
import { measureStart } from './start.ts';
import { measureW5 } from './w5.ts';

/** In memory where there is such a place: these tests are about the measuring, not about how fast the disk is. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const STAND_IN = join(import.meta.dirname, '../testing/stand-in.ts');

let root = '';
let context: BenchmarkContext;

beforeEach(() => {
  root = mkdtempSync(join(PLACE, 'bench-test-'));
  const progress = vi.fn();
  context = { workspace: createWorkspace(root, false), command: [STAND_IN], rounds: 1, seconds: 0.4, progress };
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

describe('w5', () => {
  it('measures the product and every floor, and compares them', async () => {
    const result = await measureW5(context);
    expect(result.programs.map(({ name }) => name)).toEqual(['counterpoint', 'floor_step', 'floor_run', 'floor_none']);
    for (const { at_1, at_32 } of result.programs) {
      expect(at_1.per_second.median).toBeGreaterThan(0);
      expect(at_32.p99_ms.median).toBeGreaterThanOrEqual(at_32.p50_ms.median);
    }
    const [product, floor] = result.programs.map(({ at_32 }) => at_32.per_second.median);
    expect(result.ratio).toBeCloseTo((product ?? 0) / (floor ?? 1));
    expect(renderSection(result, describeMachine(root))).toContain('to "floor: SQLite FULL, group commit per step"');
    expect(readdirSync(root)).toEqual([]);
  });

  it('gives no figure for wrong answers', async () => {
    vi.stubEnv('STAND_IN_FAULT', 'wrong');
    await expect(measureW5(context)).rejects.toMatchObject({ code: 'bench.wrong_answer' });
  });
});

describe('burst', () => {
  it('accounts for every alert', async () => {
    const result = await measureBurst(context, 1200);
    expect(result).toMatchObject({ items: 1200, created: 840, merged: 240, duplicate: 120, rounds: 1 });
    expect(renderSection(result, describeMachine(root))).toContain('840 / 240 / 120');
  });

  it('finds a lost one', async () => {
    vi.stubEnv('STAND_IN_FAULT', 'lose');
    await expect(measureBurst(context, 200, { still_millis: 200 })).rejects.toMatchObject({
      code: 'bench.items_lost',
      message: expect.stringMatching(/: \d+ instead of \d+/),
    });
  });
});

describe('start', () => {
  it('starts on nothing and again on what is there', async () => {
    const result = await measureStart(context, { idle_millis: 10 });
    expect(result.first_ms.median).toBeGreaterThan(0);
    expect(result.again_ms.median).toBeGreaterThan(0);
    expect(renderSection(result, describeMachine(root))).toContain('first start to ready');
  });

  it('leaves settings of somebody else’s server out', async () => {
    vi.stubEnv('COUNTERPOINT_STORE__URL', 'postgres://elsewhere/db');
    const subject = await startSubject({ command: context.command, directory: root });
    const seen = await (await fetch(new URL('/settings', subject.url))).json();
    await subject.stop();
    expect(seen).toEqual({
      COUNTERPOINT_DATA_DIR: join(root, 'data'),
      COUNTERPOINT_LAB__ENABLED: 'false',
      COUNTERPOINT_LOG__LEVEL: 'warn',
      COUNTERPOINT_SERVER__PORT: '0',
    });
  });

  it('says what a product that does not start wrote', async () => {
    const command = [join(import.meta.dirname, 'no-such-program.ts')];
    await expect(measureStart({ ...context, command })).rejects.toMatchObject({
      code: 'bench.program_ended',
      help: expect.stringContaining('no-such-program.ts'),
    });
  });
});
