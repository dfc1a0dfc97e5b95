import { z } from 'zod';

const text = z.string().optional();
/** Milliseconds since 1970 (OCSF `timestamp_t`). */
export const timestamp = z.int();
const port = z.int().min(0).max(65535).optional();
const named = z.looseObject({ uid: text, name: text });

/** `fingerprint`: `algorithm_id` is 1 MD5, 2 SHA-1, 3 SHA-256, 4 SHA-512, 5 CTPH, 99 other. */
const fingerprint = z.looseObject({ algorithm: text, algorithm_id: z.int(), value: z.string() });

/** `user` */
export const user = z.looseObject({
  name: text,
  uid: text,
  domain: text,
  email_addr: text,
  full_name: text,
  type_id: z.int().optional(),
});

/** `file`; `type_id` 1 is a regular file. */
export const file = z.looseObject({
  name: text,
  path: text,
  size: z.int().optional(),
  type_id: z.int().optional(),
  mime_type: text,
  hashes: z.array(fingerprint).optional(),
});

/** `process`, with its parent. */
export const process = z.looseObject({
  name: text,
  pid: z.int().optional(),
  cmd_line: text,
  uid: text,
  file: file.optional(),
  user: user.optional(),
  get parent_process() {
    return process.optional();
  },
});

/** `network_endpoint` */
export const endpoint = z.looseObject({
  ip: text,
  port,
  hostname: text,
  domain: text,
  mac: text,
  name: text,
  uid: text,
  svc_name: text,
});

/** `device`, the affected host. */
export const device = z.looseObject({
  hostname: text,
  ip: text,
  mac: text,
  name: text,
  uid: text,
  domain: text,
  type_id: z.int().optional(),
  os: z.looseObject({ name: text, version: text, type_id: z.int().optional() }).optional(),
});

/** `actor` */
export const actor = z.looseObject({ user: user.optional(), process: process.optional(), app_name: text });

/** `evidences`: at least one of the members that name something. */
export const evidence = z.looseObject({
  name: text,
  uid: text,
  src_endpoint: endpoint.optional(),
  dst_endpoint: endpoint.optional(),
  connection_info: z
    .looseObject({
      protocol_name: text,
      protocol_num: z.int().optional(),
      direction: text,
      direction_id: z.int().optional(),
    })
    .optional(),
  process: process.optional(),
  file: file.optional(),
  user: user.optional(),
  actor: actor.optional(),
  device: device.optional(),
  url: z.looseObject({ url_string: text, hostname: text, path: text, scheme: text, port }).optional(),
  query: z.looseObject({ hostname: text, type: text }).optional(),
  email: z.looseObject({ from: text, to: z.array(z.string()).optional(), subject: text, message_uid: text }).optional(),
  http_request: z.looseObject({ http_method: text, user_agent: text }).optional(),
  data: z.unknown().optional(),
});

/** `attack`: one MITRE ATT&CK tactic, technique and sub-technique; at least one of them. */
export const attack = z
  .looseObject({
    tactic: named.optional(),
    technique: named.optional(),
    sub_technique: named.optional(),
    version: text,
  })
  .refine((value) => value.tactic !== undefined || value.technique !== undefined || value.sub_technique !== undefined, {
    message: 'needs a tactic, a technique or a sub_technique',
  });

/** `observable`: `name` points at the attribute (`evidences[0].src_endpoint.ip`), `type_id` says what `value` is. */
export const ocsfObservable = z.looseObject({ name: z.string(), type: text, type_id: z.int(), value: text });

/** `product` */
export const product = z.looseObject({ name: text, vendor_name: text, version: text, uid: text });

/** `metadata` */
export const metadata = z.looseObject({
  version: z.string(),
  product,
  uid: text,
  original_time: text,
  log_name: text,
  event_code: text,
  labels: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
});

/** `finding_info` */
export const findingInfo = z.looseObject({
  uid: z.string(),
  title: text,
  desc: text,
  types: z.array(z.string()).optional(),
  created_time: timestamp.optional(),
  modified_time: timestamp.optional(),
  first_seen_time: timestamp.optional(),
  last_seen_time: timestamp.optional(),
  src_url: text,
  attacks: z.array(attack).optional(),
  analytic: z
    .looseObject({ name: text, uid: text, type_id: z.int().optional(), category: text, version: text })
    .optional(),
});

/** `resource_details` */
export const resource = z.looseObject({ name: text, uid: text, type: text, owner: user.optional() });

/** `vulnerability`, as far as it names a CVE. */
export const vulnerability = z.looseObject({ cve: z.looseObject({ uid: z.string() }).optional(), title: text });
