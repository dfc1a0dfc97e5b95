import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rehearse, type TestResult } from '@counterpoint/engine';
import { openSqliteStore } from '@counterpoint/store';
import type { Rehearsable } from './examine.ts';

/** Runs the tests of one file on a store of its own, which is gone afterwards. */
export async function rehearseFile({ tests, plan, catalogue }: Rehearsable): Promise<readonly TestResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'counterpoint-test-'));
  try {
    const store = await openSqliteStore({ directory });
    try {
      return await rehearse({ file: tests, plan, catalogue, store });
    } finally {
      await store.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
