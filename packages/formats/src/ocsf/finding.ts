import { z } from 'zod';
import {
  actor,
  type attack,
  device,
  evidence,
  findingInfo,
  metadata,
  ocsfObservable,
  type product,
  resource,
  timestamp,
  vulnerability,
} from './objects.ts';

/** The version of OCSF that findings are written in (schema.ocsf.io/1.5.0). */
export const OCSF_VERSION = '1.5.0';

/** `activity_id` of findings. */
export const activityIds = { unknown: 0, create: 1, update: 2, close: 3, other: 99 } as const;
/** What happened to a finding. */
export type FindingActivity = keyof typeof activityIds;

/** `status_id` of findings. */
export const statusIds = {
  unknown: 0,
  new: 1,
  in_progress: 2,
  suppressed: 3,
  resolved: 4,
  archived: 5,
  deleted: 6,
  other: 99,
} as const;
/** Where a finding stands in its life. */
export type FindingStatus = keyof typeof statusIds;

/**
 * The part of the OCSF Detection Finding (class 2004, category 2) that we read and write. Attributes beyond it are
 * allowed everywhere and kept, as OCSF grows with each version.
 */
export const findingSchema = z
  .looseObject({
    class_uid: z.literal(2004),
    class_name: z.string().optional(),
    category_uid: z.literal(2),
    category_name: z.string().optional(),
    type_uid: z.int(),
    activity_id: z.literal(Object.values(activityIds)),
    activity_name: z.string().optional(),
    severity_id: z.literal([0, 1, 2, 3, 4, 5, 6, 99]),
    severity: z.string().optional(),
    status_id: z.literal(Object.values(statusIds)).optional(),
    status: z.string().optional(),
    confidence_score: z.int().min(0).max(100).optional(),
    is_alert: z.boolean().optional(),
    message: z.string().optional(),
    time: timestamp,
    start_time: timestamp.optional(),
    end_time: timestamp.optional(),
    count: z.int().min(1).optional(),
    metadata,
    finding_info: findingInfo,
    evidences: z.array(evidence).optional(),
    observables: z.array(ocsfObservable).optional(),
    device: device.optional(),
    actor: actor.optional(),
    resources: z.array(resource).optional(),
    vulnerabilities: z.array(vulnerability).optional(),
    unmapped: z.record(z.string(), z.unknown()).optional(),
    raw_data: z.string().optional(),
  })
  .refine((finding) => finding.type_uid === finding.class_uid * 100 + finding.activity_id, {
    path: ['type_uid'],
    message: 'must be class_uid * 100 + activity_id',
  });

/** An OCSF Detection Finding: see {@link findingSchema}. Times are milliseconds since 1970. */
export type DetectionFinding = z.infer<typeof findingSchema>;
/** `finding_info` of a finding. */
export type FindingInfo = z.infer<typeof findingInfo>;
/** One evidence of a finding. */
export type Evidence = z.infer<typeof evidence>;
/** The affected host. */
export type Device = z.infer<typeof device>;
/** Who or what acted. */
export type Actor = z.infer<typeof actor>;
/** A MITRE ATT&CK entry of a finding. */
export type Attack = z.infer<typeof attack>;
/** The product that reported a finding. */
export type Product = z.infer<typeof product>;
/** An observable as OCSF writes it. */
export type OcsfObservable = z.infer<typeof ocsfObservable>;
/** `metadata` of a finding. */
export type FindingMetadata = z.infer<typeof metadata>;

/** One thing wrong with a finding: where, as `finding_info.uid` or `evidences[0].src_endpoint.port`, and what. */
export interface FindingIssue {
  readonly path: string;
  readonly message: string;
}

/** What is wrong with a value as a Detection Finding; empty when it is one. */
export function validateFinding(value: unknown): readonly FindingIssue[] {
  const result = findingSchema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map(({ path, message }) => ({ path: pathText(path), message }));
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/** The same as JSON Schema (2020-12), for documentation and for tools. The sum in `type_uid` cannot be said there. */
export function findingJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(findingSchema);
}
