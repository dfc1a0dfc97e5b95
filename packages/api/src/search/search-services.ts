import type { DoorContext } from '@counterpoint/actions';
import type { Store } from '@counterpoint/events';

/** What the search looks through. */
export interface SearchServices extends Pick<DoorContext, 'connectors' | 'builtins' | 'clock'> {
  readonly store: Store;
  /** The declared topics, by name. */
  readonly topics: ReadonlyMap<string, { readonly topic: string; readonly title: string }>;
}
