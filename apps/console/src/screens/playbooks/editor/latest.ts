/** Asks about the newest of many inputs: never two questions at once, and no answer about what is no longer asked. */
export interface Latest<Input> {
  /** Asks when nothing more came for a while. */
  soon(input: Input): void;
  /** Asks as soon as the question under way is answered. */
  now(input: Input): void;
  /** Asks nothing more, and forgets what is under way. */
  stop(): void;
}

/** What a {@link Latest} does. */
export interface LatestOptions<Input, Answer> {
  /** Milliseconds without a new input before it is asked about. */
  readonly wait: (input: Input) => number;
  readonly ask: (input: Input) => Promise<Answer>;
  readonly onAnswer: (answer: Answer, input: Input) => void;
  readonly onError: (error: unknown, input: Input) => void;
  /** Whether it is asked again by itself, some seconds later. */
  readonly worthAgain: (error: unknown) => boolean;
}

const AGAIN = 3_000;

/** Makes a {@link Latest}. */
export function createLatest<Input, Answer>(options: LatestOptions<Input, Answer>): Latest<Input> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let next: { readonly input: Input } | undefined;
  let busy = false;
  let stopped = false;

  const run = async (): Promise<void> => {
    const asked = next;
    if (busy || stopped || !asked) return;
    next = undefined;
    busy = true;
    try {
      const answer = await options.ask(asked.input);
      if (!stopped && !next) options.onAnswer(answer, asked.input);
    } catch (error) {
      if (!stopped && !next) {
        options.onError(error, asked.input);
        if (options.worthAgain(error)) later(asked.input, AGAIN);
      }
    }
    busy = false;
    if (timer === undefined) void run();
  };
  const later = (input: Input, wait: number): void => {
    next = { input };
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      void run();
    }, wait);
  };
  return {
    soon: (input) => later(input, options.wait(input)),
    now: (input) => later(input, 0),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
