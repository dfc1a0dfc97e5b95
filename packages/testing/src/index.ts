export { corporaFolder } from './corpora.ts';
export { createMemoryStore, type MemoryStoreOptions } from './memory-store.ts';
