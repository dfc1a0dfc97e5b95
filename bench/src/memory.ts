import { readFileSync } from 'node:fs';

/** Memory of a process that is resident, in bytes. */
export interface Memory {
  readonly rss_bytes: number;
  /** The most that it has been since the process started. */
  readonly peak_rss_bytes: number;
}

/** Reads VmRSS and VmHWM out of the text of `/proc/<pid>/status` (proc_pid_status(5); its kB are 1024 bytes). */
export function parseMemory(status: string): Memory | undefined {
  const bytes = (field: string) => {
    const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    return found === undefined ? undefined : Number(found) * 1024;
  };
  const [rss, peak] = [bytes('VmRSS'), bytes('VmHWM')];
  return rss === undefined || peak === undefined ? undefined : { rss_bytes: rss, peak_rss_bytes: peak };
}

/** The memory of a process; undefined where there is no `/proc`, or no such process. */
export function readMemory(pid: number): Memory | undefined {
  try {
    return parseMemory(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return undefined;
  }
}
