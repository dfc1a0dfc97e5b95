import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

/** The machine that figures come from; they mean nothing without it. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly node: string;
  readonly platform: string;
  /** Of the directory that is written to. */
  readonly filesystem: string;
  /** Processes that wanted a core or the disk in the minute before; well below 1 on a quiet machine. */
  readonly load_average: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** File systems by the number that statfs(2) gives. */
const FILESYSTEMS: Readonly<Record<number, string>> = {
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  801189825: 'zfs',
  16914836: 'tmpfs',
  2035054128: 'overlay',
  26985: 'nfs',
  26: 'apfs',
};

/** Describes this machine and the file system of a directory that exists. */
export function describeMachine(directory: string): Machine {
  const processors = cpus();
  const type = statfsSync(directory).type;
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    filesystem: FILESYSTEMS[type] ?? `0x${type.toString(16)}`,
    load_average: loadavg()[0] ?? 0,
    at: new Date().toISOString(),
  };
}

/** What to know before believing figures of this machine; one sentence each. */
export function machineWarnings(machine: Machine): string[] {
  const warnings: string[] = [];
  if (machine.filesystem === 'tmpfs') {
    warnings.push(
      'The directory is in memory (tmpfs), where making data durable costs nothing: choose a disk with --dir.',
    );
  }
  if (machine.load_average > machine.cores / 2) {
    warnings.push(
      `The machine was not idle before (load ${machine.load_average.toFixed(1)}): look at the spread before you believe a ratio.`,
    );
  }
  if (machine.cores < 2) warnings.push('There is one core: the load generator takes its share of it.');
  return warnings;
}

/** Where measured programs keep their data. */
export interface Workspace {
  readonly root: string;
  /** Runs something with a new directory, and removes it afterwards unless directories are kept. */
  withDirectory<Result>(name: string, use: (directory: string) => Promise<Result>): Promise<Result>;
}

/** Makes a workspace under a directory, which is created when it is missing. */
export function createWorkspace(root: string, keep: boolean): Workspace {
  mkdirSync(root, { recursive: true });
  return {
    root,
    async withDirectory(name, use) {
      const directory = mkdtempSync(join(root, `${name}-`));
      try {
        return await use(directory);
      } finally {
        if (!keep) rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}
