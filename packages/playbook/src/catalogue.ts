import type { ConnectorManifest, JsonSchema } from '@counterpoint/connector-kit';
import type { Calendar } from './declared/calendar.ts';
import type { TableDeclaration } from './declared/table.ts';

/** What a playbook is checked against. Everything in it is data that is known before anything runs. */
export interface Catalogue {
  /** Connectors by id, the built-in ones (`builtin: true`) among them. */
  readonly connectors: ReadonlyMap<string, ConnectorManifest>;
  /** Capabilities by name. */
  readonly capabilities: ReadonlyMap<string, CapabilityContract>;
  /** Topics by name. */
  readonly topics: ReadonlyMap<string, TopicDeclaration>;
  /** Other playbooks that can be called, by id. */
  readonly playbooks: ReadonlyMap<string, PlaybookSignature>;
  /** Connections by id; undefined when checked apart from an installation. */
  readonly connections: ReadonlyMap<string, { readonly connector: string }> | undefined;
  /** Tables by id; undefined: they are not known here, and their names are not checked. */
  readonly tables?: ReadonlyMap<string, TableDeclaration> | undefined;
  /** Calendars by id; undefined: they are not known here, and their names are not checked. */
  readonly calendars?: ReadonlyMap<string, Calendar> | undefined;
  /** Names that `retry.on` and `catch` may use (codes without namespace); undefined: they are not checked. */
  readonly errorNames?: ReadonlySet<string>;
}

/** What every provider of a capability takes and gives. */
export interface CapabilityContract {
  readonly effect: 'read' | 'notify' | 'change' | 'contain' | 'destroy';
  /** What it acts on: types of targets (`url`, `file:hashes.SHA-256`) as the ledger keeps them. */
  readonly target?: readonly string[];
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

/** A topic and the schema of its data; an open topic has none and its data is untrusted. */
export interface TopicDeclaration {
  readonly topic: string;
  readonly title: string;
  readonly open: boolean;
  readonly schema: JsonSchema | undefined;
}

/** How another playbook is called. */
export interface PlaybookSignature {
  readonly inputs: Readonly<Record<string, { readonly schema: JsonSchema; readonly required: boolean }>>;
  readonly outputs: JsonSchema;
  /** Playbooks that it calls itself, for finding cycles. */
  readonly calls: readonly string[];
  /** Whether it reads `event`, and so cannot be called. */
  readonly needsEvent: boolean;
}
