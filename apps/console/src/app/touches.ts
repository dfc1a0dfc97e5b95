/** What is known of a pointer that moved: where it is on the screen. */
export interface PointerPlace {
  readonly screenX: number;
  readonly screenY: number;
}

/** Whether somebody is there: what they touched last, and what was asked for in their name. */
export interface Touches {
  /** Notes that somebody did something. */
  touch(): void;
  /** Notes a pointer: only one that really moved was touched, for what moves below it moves it for the browser too. */
  point(place: PointerPlace): void;
  /** Whether somebody did something lately; notes that they have asked the server for something then. */
  asks(): boolean;
  /** Whether somebody is there of whom the server has heard nothing for a while. */
  due(): boolean;
}

/** How long after a touch somebody still counts as being there, and how long the server need not hear of them, in milliseconds. */
export const LATELY = 20_000;

/** Makes {@link Touches}; whoever opens a page is there. @param now milliseconds of any clock that goes on */
export function createTouches(now: () => number): Touches {
  let touched = now();
  let asked = now();
  let place: PointerPlace | undefined;
  const isThere = () => now() - touched < LATELY;
  const touch = () => {
    touched = now();
  };
  return {
    touch,
    point({ screenX, screenY }) {
      if (place?.screenX === screenX && place.screenY === screenY) return;
      if (place) touch();
      place = { screenX, screenY };
    },
    asks() {
      if (isThere()) asked = now();
      return isThere();
    },
    due: () => isThere() && now() - asked >= LATELY,
  };
}
