import { eventErrors, type Rows, type TableName } from '@counterpoint/events';

type AnyRow = Readonly<Record<string, unknown>>;

/** The columns of each primary key that is not `id`. */
const PRIMARY_KEYS: Partial<Record<TableName, readonly string[]>> = { journal: ['run', 'seq'], audit: ['seq'] };

/** Unique keys besides the primary key, as the row types document them. */
const UNIQUE_KEYS: Partial<Record<TableName, readonly string[]>> = {
  runs: ['trigger_key'],
  effects: ['key'],
  raw_inputs: ['source', 'delivery'],
  playbook_versions: ['playbook', 'number'],
  ingest_decisions: ['raw', 'item'],
  tokens: ['hash'],
  credentials: ['hash'],
};

/** Columns that hold JSON, wherever they are, but for those that are text in one table. */
const JSON_COLUMNS: ReadonlySet<string> = new Set(
  'allowed_hosts answer args auth config covers data decision declaration detail envelope error event excluded finding form inputs inverse last outputs metadata nodes permissions publishers receipt rights secrets slices tests topics trust users value via would'.split(
    ' ',
  ),
);
const TEXT_COLUMNS: ReadonlySet<string> = new Set(['ingest_decisions.decision', 'observables.value', 'outbox.error']);

/** Tables in memory, with primary and unique keys, and undo of everything when a group of writes throws. */
export interface MemoryTables {
  /** Runs `work`; when it throws, the tables stand as before. */
  atomically(work: () => void): void;
  get<Table extends TableName>(table: Table, id: string): Rows[Table] | undefined;
  all<Table extends TableName>(table: Table): readonly Rows[Table][];
  size(table: TableName): number;
  primaryKey(table: TableName): readonly string[];
  /** Whether a row with the same primary or unique key stands. */
  exists(table: TableName, row: object): boolean;
  /** @throws events.conflict when a row with the same primary or unique key stands. */
  insert<Table extends TableName>(table: Table, row: Rows[Table]): void;
  /** @throws events.conflict when another row has the same unique key. */
  put<Table extends TableName>(table: Table, row: Rows[Table]): void;
  remove(table: TableName, id: string): void;
}

interface Slot {
  readonly rows: Map<string, AnyRow>;
  /** Unique key -> primary key. */
  readonly unique: Map<string, string>;
}

/** Makes empty {@link MemoryTables}. */
export function createMemoryTables(): MemoryTables {
  const slots = new Map<TableName, Slot>();
  let undo: (() => void)[] = [];

  const slotOf = (table: TableName): Slot => {
    const standing = slots.get(table);
    if (standing) return standing;
    const slot: Slot = { rows: new Map(), unique: new Map() };
    slots.set(table, slot);
    return slot;
  };

  const set = <Value>(map: Map<string, Value>, key: string, value: Value | undefined): void => {
    const before = map.get(key);
    undo.push(() => (before === undefined ? map.delete(key) : map.set(key, before)));
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  };

  const put = (table: TableName, given: object): void => {
    const row = stored(table, given as AnyRow);
    const slot = slotOf(table);
    const key = primaryKeyOf(table, row);
    const unique = uniqueKeyOf(table, row);
    const before = slot.rows.get(key);
    if (unique !== undefined && (slot.unique.get(unique) ?? key) !== key)
      throw eventErrors.conflict({ id: key, table });
    const oldUnique = before && uniqueKeyOf(table, before);
    if (oldUnique !== undefined && oldUnique !== unique) set(slot.unique, oldUnique, undefined);
    if (unique !== undefined) set(slot.unique, unique, key);
    set(slot.rows, key, row);
  };

  const exists = (table: TableName, row: object): boolean => {
    const slot = slotOf(table);
    const unique = uniqueKeyOf(table, row as AnyRow);
    return slot.rows.has(primaryKeyOf(table, row as AnyRow)) || (unique !== undefined && slot.unique.has(unique));
  };

  return {
    atomically(work) {
      undo = [];
      try {
        work();
      } catch (error) {
        for (const step of undo.reverse()) step();
        throw error;
      }
    },
    get: <Table extends TableName>(table: Table, id: string) =>
      slotOf(table).rows.get(id.toWellFormed()) as Rows[Table] | undefined,
    all: <Table extends TableName>(table: Table) => [...slotOf(table).rows.values()] as unknown as Rows[Table][],
    size: (table) => slotOf(table).rows.size,
    primaryKey: primaryKeyColumns,
    exists,
    insert(table, row) {
      if (exists(table, row)) throw eventErrors.conflict({ id: primaryKeyOf(table, row as unknown as AnyRow), table });
      put(table, row);
    },
    put,
    remove(table, given) {
      const id = given.toWellFormed();
      const slot = slotOf(table);
      const before = slot.rows.get(id);
      if (!before) return;
      const unique = uniqueKeyOf(table, before);
      if (unique !== undefined) set(slot.unique, unique, undefined);
      set(slot.rows, id, undefined);
    },
  };
}

function primaryKeyColumns(table: TableName): readonly string[] {
  return PRIMARY_KEYS[table] ?? ['id'];
}

function primaryKeyOf(table: TableName, row: AnyRow): string {
  return primaryKeyColumns(table)
    .map((column) => String(row[column]).toWellFormed())
    .join('/');
}

function uniqueKeyOf(table: TableName, row: AnyRow): string | undefined {
  const columns = UNIQUE_KEYS[table];
  return columns && JSON.stringify(columns.map((column) => String(row[column]).toWellFormed()));
}

/** A frozen copy as a database would give it back: well-formed text, JSON as JSON keeps it, bytes of its own. */
function stored(table: TableName, row: AnyRow): AnyRow {
  const copy = Object.entries(row).map(([column, value]) => {
    if (value instanceof Uint8Array) return [column, Uint8Array.from(value)];
    if (
      (JSON_COLUMNS.has(column) && !TEXT_COLUMNS.has(`${table}.${column}`)) ||
      (table === 'snapshots' && column === 'state')
    )
      return [column, freezeDeep(JSON.parse(JSON.stringify(value)))];
    return [column, typeof value === 'string' ? value.toWellFormed() : value];
  });
  return Object.freeze(Object.fromEntries(copy));
}

function freezeDeep(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  for (const inner of Object.values(value)) freezeDeep(inner);
  return Object.freeze(value);
}
