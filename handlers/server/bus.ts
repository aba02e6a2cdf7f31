/** Carries messages between the tasks of the service. Nothing is stored: whoever is not there does not get it. */
export interface Bus {
  /** How many tasks listen to the channel. Rejects if the bus did not take it. */
  publish(channel: string, message: string): Promise<number>;
  /** From now on; settles when the bus knows. */
  subscribe(channel: string, onMessage: (message: string) => void): Promise<void>;
  close(): void;
}

/** For a service of one task: there is nobody else. */
export const noBus: Bus = {
  publish: async () => 0,
  subscribe: async () => {},
  close: () => {},
};
