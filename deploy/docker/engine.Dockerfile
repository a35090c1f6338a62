# The engine's image, with the OCR models in it. Build from the top of the repository:
#   docker build -f deploy/docker/engine.Dockerfile -t ledgerlens-engine .
# Behind a package mirror, pass --build-arg PIP_INDEX_URL=… --build-arg UV_DEFAULT_INDEX=…
FROM python:3.11-slim AS build
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX
WORKDIR /build
COPY deploy/locks/tools.txt deploy/locks/engine.txt ./
RUN pip install --no-cache-dir --require-hashes -r tools.txt \
    && uv venv --python /usr/local/bin/python /opt/venv \
    && uv pip sync --no-cache --compile-bytecode --python /opt/venv --require-hashes engine.txt
COPY deploy/stubs/opencv-contrib-python ./opencv-contrib-python
RUN uv build --quiet --wheel --no-build-isolation --python /usr/local/bin/python --out-dir wheels opencv-contrib-python \
    && uv pip install --no-cache --no-index --no-deps --python /opt/venv wheels/*.whl
WORKDIR /app
COPY shared ./shared
COPY services/__init__.py ./services/__init__.py
COPY services/engine ./services/engine
RUN /opt/venv/bin/python -m compileall -q . \
    && HOME=/tmp /opt/venv/bin/python -c \
    "from pathlib import Path; from services.engine.ocr.models import install_bundled_models as install; [install(Path('/opt/models'), size) for size in ('small', 'tiny')]"

FROM python:3.11-slim
RUN groupadd --gid 10001 ledgerlens \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin ledgerlens
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/models /opt/models
COPY --from=build /app /app
WORKDIR /app
# What libraries want to write goes to /tmp, so that the root file system can be read-only.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    ORT_DISABLE_TELEMETRY=1 \
    MODEL_DIR=/opt/models \
    HEALTH_HOST=0.0.0.0 \
    HEALTH_PORT=8081
USER 10001:10001
EXPOSE 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['HEALTH_PORT'] + '/readyz', timeout=4)"]
CMD ["python", "-m", "services.engine"]
