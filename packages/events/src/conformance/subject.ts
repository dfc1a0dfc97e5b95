import type { TableName } from '../rows/index.ts';
import type { Store } from '../store.ts';

/** A store on storage of its own, for one test. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Closes the store and opens another one on the same data. */
  readonly reopen: () => Promise<Store>;
  /** Opens a second store on the same data, as another process would; absent when only one may be open. */
  readonly another?: () => Promise<Store>;
  /** Closes everything that was opened and removes the data. */
  readonly destroy: () => Promise<void>;
}

/** What a test asks of the store. */
export interface StoreUnderTestOptions {
  readonly maxPending?: number;
}

/** How an adapter presents itself to the suite. */
export interface StoreSubject {
  readonly open: (options?: StoreUnderTestOptions) => Promise<StoreUnderTest>;
  /** The columns of every table with their kinds: `text int real bool blob json`, with `?` when they may be null. */
  readonly columns: Readonly<Record<TableName, Readonly<Record<string, string>>>>;
}
