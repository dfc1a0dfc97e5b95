/** What the command's exit code says. */
export const ExitCode = {
  ok: 0,
  /** It worked, and there is something to look at: findings, a failed run, a refused request. */
  findings: 1,
  /** The command line was wrong. */
  usage: 2,
  /** No server answers. */
  unreachable: 3,
} as const;
