/** Every ring wakes those who listen at that moment. */
export interface Bell {
  ring(): void;
  next(): Promise<void>;
}

export function createBell(): Bell {
  let wake = () => {};
  const hang = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  let next = hang();
  return {
    ring() {
      const rung = wake;
      next = hang();
      rung();
    },
    next: () => next,
  };
}
