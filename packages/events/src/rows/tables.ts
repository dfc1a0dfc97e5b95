import type { Json } from '@counterpoint/core';
import type { Causality } from '../causality.ts';

/** One row of a table that playbooks keep: counters, lists, registers. Its id is the stable id of table and key. */
export interface TableEntryRow extends Causality {
  readonly id: string;
  readonly table_name: string;
  readonly key: string;
  readonly value: Json;
  readonly created_at: number;
  readonly updated_at: number;
  readonly rev: number;
}
