package dev.luthier.engine.train.gradient;

/// How the rows of a pack are cut into tasks: groups of rows, and tiles of rows and columns.
///
/// Tiles that share a block of columns follow one another, for as many rows as a core's cache holds
/// beside the block; so with few rows each member of a crew reads its part of the weights, with
/// many its part of the rows.
record Tiles(int rows, int tileRows) {
  /// What the matrix units take at a time.
  static final int GRAIN = 32;

  /// Rows of the largest tile: 64 columns of them in fp32 fit the first-level cache.
  static final int TILE_ROWS_MAX = 128;

  private static final int FEW_ROWS = 256;
  private static final int CHUNK_ROWS = 512;

  /// Tiles over `rows`, rounded up to a multiple of [#GRAIN].
  static Tiles over(int rows) {
    int padded = roundUp(rows);
    int tiles = (padded + TILE_ROWS_MAX - 1) / TILE_ROWS_MAX;
    // Few rows are cut evenly; many have but one short tile among them, and whole chunks.
    return new Tiles(padded, padded <= FEW_ROWS ? roundUp(padded / tiles) : TILE_ROWS_MAX);
  }

  private static int roundUp(int rows) {
    return (rows + GRAIN - 1) / GRAIN * GRAIN;
  }

  /// Groups of rows for work without columns.
  int groups() {
    return (rows + groupRows() - 1) / groupRows();
  }

  int groupRow(int group) {
    return group * groupRows();
  }

  int groupCount(int group) {
    return Math.min(groupRows(), rows - groupRow(group));
  }

  private int groupRows() {
    return rows <= FEW_ROWS ? GRAIN : 2 * GRAIN;
  }

  /// Tiles of a matrix of so many blocks of columns.
  int count(int blocks) {
    return blocks * perBlock();
  }

  private int perBlock() {
    return (rows + tileRows - 1) / tileRows;
  }

  /// The block of columns that a tile lies in.
  int block(int tile, int blocks) {
    return inChunk(tile, blocks) / ofChunk(tile, blocks);
  }

  /// A tile's first row.
  int row(int tile, int blocks) {
    int inBlock = inChunk(tile, blocks) % ofChunk(tile, blocks);
    return chunk(tile, blocks) * CHUNK_ROWS + inBlock * tileRows;
  }

  /// How many rows the tile that begins at `row` has.
  int tileCount(int row) {
    return Math.min(tileRows, rows - row);
  }

  private int chunk(int tile, int blocks) {
    return tile / (blocks * (CHUNK_ROWS / tileRows));
  }

  private int inChunk(int tile, int blocks) {
    return tile - chunk(tile, blocks) * blocks * (CHUNK_ROWS / tileRows);
  }

  private int ofChunk(int tile, int blocks) {
    int perChunk = CHUNK_ROWS / tileRows;
    return Math.min(perChunk, perBlock() - chunk(tile, blocks) * perChunk);
  }
}
