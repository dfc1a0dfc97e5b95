/** A run that is ready, as workers hand it to each other. */
export interface ReadyRun {
  readonly run: string;
  readonly playbook: string;
  /** 0 low to 3 emergency. */
  readonly priority: number;
  /** Of the run when it became ready: the queue holds a run at one epoch once, however often it is offered. */
  readonly epoch: number;
}

/** Somebody who works on runs that the queue hands out. */
export interface QueueWorker {
  /** How many more runs of a priority may come now; 0 or less: none. */
  room(priority: number): number;
  /**
   * Works on a run. `done`: it has ended, waits, is somebody else's, or cannot be worked on; `again`: there is no place for
   * it here, and it is handed out anew after a pause that grows with every time. Rejecting means `again`.
   */
  work(run: ReadyRun): Promise<'done' | 'again'>;
}

/** A worker that takes runs. */
export interface Taking {
  /** There may be room again. */
  look(): void;
  /** Takes nothing more, and gives back at once what is not done. */
  stop(): Promise<void>;
}

/**
 * Hands ready runs to workers in other processes, each to one; what a worker that dies had taken is handed to another
 * after some seconds. It is about who works when: the store stays the only truth about a run, and a run that is handed
 * out twice, or that has ended, does no harm.
 */
export interface WorkQueue {
  /** Resolves once it is durable. @throws events.log_unavailable */
  offer(run: ReadyRun): Promise<void>;
  /**
   * Takes runs as long as there is room, those of higher priority first, then the oldest. As long as one is worked on it
   * is renewed; it leaves the queue when it is done. Goes on by itself when the queue was away. @throws events.log_unavailable
   */
  take(worker: QueueWorker): Promise<Taking>;
}
