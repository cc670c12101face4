package dev.luthier.engine.train.gradient;

/// How the rows of a pack are cut into tasks: groups of rows, and tiles of rows and columns.
///
/// Tiles that share a block of columns follow one another, for as many rows as a core's cache holds
/// beside the block, fewer of deep ones; so with few rows each member of a crew reads its part of
/// the weights, with many its part of the rows.
record Tiles(int rows, int tileRows) {
  /// What the matrix units take at a time.
  static final int GRAIN = 32;

  /// Rows of the largest tile: 64 columns of them in fp32 fit the first-level cache.
  static final int TILE_ROWS_MAX = 128;

  private static final int FEW_ROWS = 256;
  private static final int CHUNK_ROWS_MAX = 512;

  /// Rows of a chunk take at most so much of a core's cache of 2 MiB, beside a block of weights and
  /// what is written.
  private static final int CHUNK_BYTES = 800 << 10;

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

  /// The tiles of a product: `depth` columns of bf16 rows times so many blocks of columns.
  Grid grid(int blocks, int depth) {
    int fitting = CHUNK_BYTES / (2 * depth) / tileRows;
    int perChunk = Math.clamp(fitting, 1, CHUNK_ROWS_MAX / tileRows);
    return new Grid(blocks, (rows + tileRows - 1) / tileRows, perChunk, tileRows);
  }

  /// How many rows the tile that begins at `row` has.
  int tileCount(int row) {
    return Math.min(tileRows, rows - row);
  }

  /// Tiles of a product in their order: a chunk of rows after the other, in it block after block of
  /// columns, of which the chunk's tiles follow one another.
  ///
  /// @param perBlock tiles that share a block of columns
  /// @param perChunk how many of them are in a chunk
  record Grid(int blocks, int perBlock, int perChunk, int tileRows) {
    int count() {
      return blocks * perBlock;
    }

    /// The block of columns that a tile lies in.
    int block(int tile) {
      return tile % (blocks * perChunk) / ofChunk(tile);
    }

    /// A tile's first row.
    int row(int tile) {
      int inChunk = tile % (blocks * perChunk) % ofChunk(tile);
      return (chunk(tile) * perChunk + inChunk) * tileRows;
    }

    private int chunk(int tile) {
      return tile / (blocks * perChunk);
    }

    private int ofChunk(int tile) {
      return Math.min(perChunk, perBlock - chunk(tile) * perChunk);
    }
  }
}
