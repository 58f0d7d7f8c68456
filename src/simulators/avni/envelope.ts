/** `totalElements` counts this page alone. */
export function envelope(content: unknown[], total: number, size: number): object {
  return { content, totalElements: content.length, totalPages: Math.ceil(total / size), pageSize: size };
}
