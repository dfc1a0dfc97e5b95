import { defineErrors } from '@counterpoint/core';

/** The errors of starting and composing the server. */
export const errors = defineErrors('server', {
  edge_not_joined: {
    status: 400,
    message: 'This edge node has not joined a centre yet: {missing} is missing.',
    help: 'Start it once with `--join <url of the centre> --token <one-time token>`; `counterpoint edge add` on the centre prints the whole command.',
  },
  edge_store: {
    status: 400,
    message: 'An edge node keeps its own store, and store.url and bus.url name others.',
    help: 'Leave store.url and bus.url empty on an edge node; it uses SQLite in its data directory.',
  },
  edge_without_tls: {
    status: 400,
    message: 'The centre at {url} would be spoken to without TLS.',
    help: 'Use an https:// address (with `--ca` when its certificate is of your own). On a network that nobody else reaches, edge.allow_http lets it.',
  },
  config_unknown: {
    status: 400,
    message: '"{name}" in {origin} is not a setting{suggestion}',
    help: 'Run "counterpoint config explain" for every setting and where its value comes from.',
  },
  config_invalid: {
    status: 400,
    message: 'The setting {name} ({origin}) is not valid: {reason}.',
    help: 'Correct the value; "counterpoint config explain" describes each setting.',
  },
  config_unreadable: {
    status: 400,
    message: 'The file {path} cannot be read: {reason}.',
    help: 'Correct the file, or move it away to start with the defaults.',
  },
  config_missing: {
    status: 400,
    message: 'There is no file {path}.',
    help: 'Check the path given with --config, or leave it out to start with the defaults.',
  },
  content_missing: {
    status: 400,
    message: 'There is no content folder {folder}.',
    help: 'Check content_dir, or leave it out to use the shipped content.',
  },
  content_invalid: {
    status: 422,
    message: 'The content file {file} is not valid: {reason}.',
    help: 'Correct the file; "counterpoint validate" shows every finding with its line.',
  },
  consumer_elsewhere: {
    status: 409,
    message: 'Another process of this installation delivers to the consumer {consumer} now.',
    help: 'Ask that process (its own address), or stop it first.',
  },
  role_alone: {
    status: 400,
    message: 'The role {role} needs a store that several processes share, and SQLite serves one.',
    help: 'Set store.url to a PostgreSQL database, or leave server.roles at "all".',
  },
  frozen: {
    status: 503,
    message: 'A backup was restored, and the server is frozen: it reads, and takes inputs in, but changes nothing.',
    help: 'Run "counterpoint backup reconcile", look at what it lists, and then "counterpoint thaw --reason …".',
    retryable: true,
  },
  thaw_refused: {
    status: 409,
    message: 'The server stays frozen: {count} effects are open. The first: {first}.',
    help: 'Run "counterpoint backup reconcile"; look into what stays open at the product, and name it with --accept.',
  },
  mqtt_without_tls: {
    status: 500,
    message:
      'MQTT would send tokens in clear text over the network: mqtt.host is {host}, and there is no mqtt.tls_cert.',
    help: 'Set mqtt.tls_cert and mqtt.tls_key to PEM files, or mqtt.host to 127.0.0.1.',
  },
  mqtt_tls_invalid: {
    status: 500,
    message: 'The certificate or key for MQTT cannot be used: {reason}.',
    help: 'Point mqtt.tls_cert and mqtt.tls_key at PEM files that belong together and that the server may read.',
  },
  dxl_disabled: {
    status: 409,
    message: 'The OpenDXL gateway is off.',
    help: 'Set dxl.enabled to true and start the server again.',
  },
  port_taken: {
    status: 409,
    message: 'Something already listens on {host}:{port}.',
    help: 'Stop it, or choose another port with --port (0 takes any free one).',
  },
  story_stopped: {
    status: 409,
    message: 'The story cannot go on: {reason}.',
    help: 'Look at the log of the server and at the sources and participants of the lab; play the acts in their order.',
  },
});
