export { corporaFolder } from './corpora.ts';
export { createMemoryStore, type MemoryStoreOptions } from './memory-store.ts';
export { createMemoryTables, type MemoryTables } from './memory-tables.ts';
export { type NatsServer, type NatsServerOptions, startNats } from './nats.ts';
export { type PostgresServer, startPostgres } from './postgres.ts';
export { type Received, readStream, type StreamReader } from './read-stream.ts';
