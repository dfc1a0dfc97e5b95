/** Bounds of a message that is read. */
export interface DxlLimits {
  /** Bytes of the whole message. */
  readonly bytes: number;
  /** Items of one list; `otherFields` has two for each field. */
  readonly items: number;
  /** Bytes of one text (ids, topics, the value of a field). */
  readonly textBytes: number;
}

/** 1 MiB is what the OpenDXL broker lets through. */
export const defaultDxlLimits: DxlLimits = { bytes: 1_048_576, items: 1_000, textBytes: 65_535 };
