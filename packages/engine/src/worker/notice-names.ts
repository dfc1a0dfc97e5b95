/** Tells that a run has ended: `{run}`. */
export const RUN_ENDED = 'run_ended';
/** Tells the owner of a run that something is stored for it: `{run, owner}`. */
export const RUN_SIGNALLED = 'run_signalled';
