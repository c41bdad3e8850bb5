/** An error that a gRPC emulator answers with: code, text and typed details. */
/** One `google.protobuf.Any` of a status: its type URL and the encoded message. */
export interface StatusDetail {
  readonly typeUrl: string;
  readonly value: Buffer;
}

/** Thrown inside a method of an emulator; the server turns it into the call's status. */
export class StatusError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly details: readonly StatusDetail[] = [],
  ) {
    super(message);
    this.name = 'StatusError';
  }
}
