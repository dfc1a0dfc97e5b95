import { z } from 'zod';

/** One setting: how it is read, what it is without being set, and what it is for. */
export interface Setting {
  readonly schema: z.ZodType;
  readonly default: string | number | boolean;
  readonly description: string;
  /** Never shown; may come from a file named by `COUNTERPOINT_<NAME>_FILE`. */
  readonly secret?: boolean;
}

const port = z.coerce.number().int().min(0).max(65_535);
const bytes = z.coerce.number().int().min(1024);
const days = z.coerce.number().int().min(0).max(36_500);
const text = z.string();
const bool = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')], {
  error: 'it must be true or false',
});

/** Every setting by its dotted name. The reference page of the configuration is generated from this. */
export const settings = {
  data_dir: { schema: text.min(1), default: 'data', description: 'Where everything that lasts is kept' },
  content_dir: {
    schema: text,
    default: '',
    description: 'Where playbooks, normalizers and topics are read from; empty: the shipped content',
  },
  'server.host': { schema: text.min(1), default: '127.0.0.1', description: 'Address to listen on' },
  'server.port': { schema: port, default: 7300, description: 'Port to listen on; 0 takes any free one' },
  'server.roles': {
    schema: z.enum(['all', 'api', 'worker', 'edge']),
    default: 'all',
    description:
      'What this process does: api takes in and answers, worker runs playbooks, all does both; several processes need PostgreSQL. edge reacts at another site, see edge.*',
  },
  'server.trust_proxy': {
    schema: bool,
    default: false,
    description:
      'Whether X-Forwarded-* headers are believed, and of each the last entry only; for where one proxy of your own stands before this server and nobody gets past it',
  },
  'session.idle_minutes': {
    schema: z.coerce.number().int().min(1).max(1_440),
    default: 60,
    description: 'Minutes after which who signed in with a browser and no longer touches it is signed out',
  },
  'session.absolute_hours': {
    schema: z.coerce.number().int().min(1).max(720),
    default: 12,
    description: 'Hours after which they are signed out in any case',
  },
  'console.dir': {
    schema: text,
    default: '',
    description: 'Where the built console is served from; empty: apps/console/dist of this checkout',
  },
  'store.url': {
    schema: z.string().regex(/^$|^postgres(ql)?:\/\//, 'it must begin with postgres://, or be empty for SQLite'),
    default: '',
    description: 'postgres://… for PostgreSQL; empty: SQLite in the data directory',
    secret: true,
  },
  'store.max_pending': {
    schema: z.coerce.number().int().min(1),
    default: 50_000,
    description: 'Changes that may wait for the disk before callers are told to come back (503)',
  },
  'bus.url': {
    schema: text,
    default: '',
    description:
      'nats://… (tls://… for TLS) for the event log on NATS JetStream, and, with PostgreSQL, for sharing runs among processes; empty: all in the store',
    secret: true,
  },
  'bus.prefix': {
    schema: z.string().regex(/^[A-Za-z0-9_-]+$/),
    default: 'counterpoint',
    description: 'First word of every NATS subject and stream; installations that share a NATS need different ones',
  },
  'bus.replicas': {
    schema: z.coerce.number().int().min(1).max(5),
    default: 1,
    description: 'How many servers of a NATS cluster keep each stream; 3 survives the loss of one',
  },
  'lab.enabled': {
    schema: bool,
    default: true,
    description: 'Start simulators of every connector on loopback and connections to them, marked as simulated',
  },
  'vault.key_file': {
    schema: text,
    default: '',
    description:
      'File with the key-encryption key; empty: beside the data directory, with its name and .key (data.key)',
  },
  'vault.key': {
    schema: text,
    default: '',
    description: 'The key-encryption key itself, as it stands in a key file (counterpoint-key-v1:…), instead of a file',
    secret: true,
  },
  'vault.key_command': {
    schema: text,
    default: '',
    description: 'A program that prints the key-encryption key, for a key management service',
  },
  'policy.file': {
    schema: text,
    default: '',
    description: 'The guard policy; empty: policy.yaml of the content',
  },
  'limits.body_bytes': { schema: bytes, default: 5_242_880, description: 'Largest request body, in bytes' },
  'limits.json_depth': {
    schema: z.coerce.number().int().min(4).max(1_000),
    default: 64,
    description: 'Deepest nesting of JSON that is read',
  },
  'limits.output_bytes': {
    schema: bytes,
    default: 16_777_216,
    description: 'Largest output of one step or action, in bytes',
  },
  'engine.max_active_runs': {
    schema: z.coerce.number().int().min(1),
    default: 1_000,
    description: 'Runs that one worker works on at once; more wait in the queue',
  },
  'engine.max_runs_per_playbook': {
    schema: z.coerce.number().int().min(1),
    default: 500,
    description: 'Of these, runs of one playbook; those of high and emergency priority are not counted against it',
  },
  'engine.reserved_runs': {
    schema: z.coerce.number().int().min(0),
    default: 100,
    description: 'Of these, kept free for runs of high and emergency priority',
  },
  'engine.max_hops': {
    schema: z.coerce.number().int().min(1),
    default: 20,
    description:
      'How often runs may start one another through events before nothing more is started (engine.too_many_hops)',
  },
  'engine.max_entries': {
    schema: z.coerce.number().int().min(1_000),
    default: 500_000,
    description: 'Facts that one run may write before it is stopped (engine.run_too_long); a step writes two to four',
  },
  'fabric.events_per_second': {
    schema: z.coerce.number().int().min(1).max(1_000_000),
    default: 1_000,
    description: 'Events that one participant may publish in a second; twice as many at once after a pause',
  },
  'fabric.storm_events': {
    schema: z.coerce.number().int().min(1).max(1_000_000),
    default: 1_000,
    description: 'Events within fabric.storm_window_seconds that a reaction acts on before its storm breaker opens',
  },
  'fabric.storm_window_seconds': {
    schema: z.coerce.number().int().min(1).max(86_400),
    default: 60,
    description: 'The window of fabric.storm_events, in seconds',
  },
  'fabric.on_revised_verdict': {
    schema: z.enum(['offer', 'retract']),
    default: 'offer',
    description:
      'What is done when a verdict is taken back: offer asks people whether to undo what followed, retract undoes it at once',
  },
  'dxl.enabled': { schema: bool, default: false, description: 'Let OpenDXL clients in' },
  'dxl.host': { schema: text.min(1), default: '127.0.0.1', description: 'Address that the OpenDXL gateway listens on' },
  'dxl.port': { schema: port, default: 8883, description: 'Port for MQTT over TLS; 0 takes any free one' },
  'dxl.ws_port': { schema: port, default: 8444, description: 'Port for MQTT over secure WebSocket' },
  'dxl.provision_port': {
    schema: port,
    default: 8443,
    description: "Port that the clients' own provisionconfig and updateconfig speak to (HTTPS)",
  },
  'dxl.advertise_host': {
    schema: text,
    default: '',
    description:
      'Names and addresses that OpenDXL clients reach this server by, separated by commas; empty: dxl.host, or the name of this machine when that is every address',
  },
  'dxl.messages_per_second': {
    schema: z.coerce.number().int().min(100).max(1_000_000),
    default: 10_000,
    description: 'Messages that are read from one OpenDXL connection in a second; what is more waits',
  },
  'mqtt.enabled': {
    schema: bool,
    default: false,
    description: 'Let participants in over plain MQTT, with their tokens',
  },
  'mqtt.host': {
    schema: text.min(1),
    default: '127.0.0.1',
    description:
      'Address that the MQTT gateway listens on; one that is not of this machine only asks for mqtt.tls_cert',
  },
  'mqtt.port': { schema: port, default: 1883, description: 'Port for MQTT; 0 takes any free one' },
  'mqtt.ws_port': { schema: port, default: 8083, description: 'Port for MQTT over WebSocket; 0 takes any free one' },
  'mqtt.tls_cert': { schema: text, default: '', description: 'File with the certificate chain (PEM); empty: no TLS' },
  'mqtt.tls_key': { schema: text, default: '', description: 'File with the private key of mqtt.tls_cert (PEM)' },
  'edge.centre': {
    schema: text,
    default: '',
    description:
      'On an edge node: address of its centre, such as https://counterpoint.example; empty: the one it joined',
  },
  'edge.join_token': {
    schema: text,
    default: '',
    description: 'On an edge node: the one-time token that it joins with; of no use afterwards',
    secret: true,
  },
  'edge.ca_file': {
    schema: text,
    default: '',
    description: 'On an edge node: certificates (PEM) to believe for the centre; empty: those that Node.js believes',
  },
  'edge.allow_http': {
    schema: bool,
    default: false,
    description: 'On an edge node: speak to a centre on another machine without TLS',
  },
  'retention.run_days': {
    schema: days,
    default: 90,
    description: 'Days that ended runs and their journals are kept; 0: for ever. What is still needed stays longer',
  },
  'retention.event_days': {
    schema: days,
    default: 30,
    description: 'Days that delivered events are kept; 0: for ever. Those that a live run may ask for stay longer',
  },
  'retention.raw_input_days': {
    schema: days,
    default: 90,
    description: 'Days that what sources sent is kept once it was processed or refused; 0: for ever',
  },
  'log.level': {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']),
    default: 'info',
    description: 'Least severe log line that is written',
  },
} as const satisfies Record<string, Setting>;

/** The name of a setting. */
export type SettingName = keyof typeof settings;

/** The value of every setting. */
export type Config = {
  readonly [Name in SettingName]: z.output<(typeof settings)[Name]['schema']>;
};
