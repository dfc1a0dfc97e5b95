import {
  activityIds,
  type DetectionFinding,
  type FindingActivity,
  type FindingMetadata,
  type FindingStatus,
  OCSF_VERSION,
  statusIds,
} from './finding.ts';
import { type SeverityName, severityIds } from './severity.ts';

type Written = Pick<
  DetectionFinding,
  | 'finding_info'
  | 'message'
  | 'start_time'
  | 'end_time'
  | 'count'
  | 'confidence_score'
  | 'evidences'
  | 'observables'
  | 'device'
  | 'actor'
  | 'resources'
  | 'vulnerabilities'
  | 'unmapped'
>;

/** What {@link detectionFinding} is made from. Members without a comment are the OCSF attributes of that name. */
export interface FindingParts extends Written {
  /** When it was detected, in milliseconds. */
  readonly time: number;
  /** Default `unknown`. See `severityFrom`. */
  readonly severity?: SeverityName | undefined;
  /** The severity in the source's own words, when they differ from ours. */
  readonly severityLabel?: string | undefined;
  /** Default `create`. */
  readonly activity?: FindingActivity | undefined;
  /** Default `new`. */
  readonly status?: FindingStatus | undefined;
  /** `product` and what else is known; the schema version is filled in. */
  readonly metadata: Omit<Partial<FindingMetadata>, 'version'> & Pick<FindingMetadata, 'product'>;
  /** A reference to the stored raw input, never the input itself. */
  readonly rawDataRef?: string | undefined;
}

const STATUS_CAPTIONS: Partial<Record<FindingStatus, string>> = { in_progress: 'In Progress' };
const caption = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/**
 * A complete OCSF Detection Finding: class, category, type, activity, severity and status are filled with their ids and
 * captions. Members that are undefined are left out, so that equal parts give equal JSON.
 */
export function detectionFinding(parts: FindingParts): DetectionFinding {
  const { activity = 'create', severity = 'unknown', status = 'new', severityLabel, rawDataRef, ...written } = parts;
  const activityId = activityIds[activity];
  const finding: DetectionFinding = {
    class_uid: 2004,
    class_name: 'Detection Finding',
    category_uid: 2,
    category_name: 'Findings',
    type_uid: 200400 + activityId,
    activity_id: activityId,
    activity_name: caption(activity),
    severity_id: severityIds[severity],
    severity: severityLabel ?? caption(severity),
    status_id: statusIds[status],
    status: STATUS_CAPTIONS[status] ?? caption(status),
    ...written,
    metadata: { version: OCSF_VERSION, ...parts.metadata },
    raw_data: rawDataRef,
  };
  return Object.fromEntries(Object.entries(finding).filter(([, value]) => value !== undefined)) as DetectionFinding;
}
